"""The menu that both cafés cook from. Prices are minor units, per piece or (weight goods) per kilogram."""

from typing import Any

CATEGORIES = [
    (1, "Coffee", "#8D6E63"),
    (2, "Tea", "#558B2F"),
    (3, "Pastry", "#C77800"),
    (4, "Breakfast", "#AD1457"),
    (5, "Lunch", "#00796B"),
    (6, "Bar", "#4527A0"),
]

WORKSHOPS = [(1, "Bar"), (2, "Kitchen")]

# id, category, name, price, further facts
PRODUCTS: list[tuple[int, int, str, int, dict[str, Any]]] = [
    (11, 1, "Espresso", 4500, {}),
    (12, 1, "Americano", 5000, {}),
    (13, 1, "Cappuccino", 6500, {"sizes": [(131, "250 ml", 6500), (132, "350 ml", 7500), (133, "450 ml", 8500)]}),
    (14, 1, "Latte", 7000, {"sizes": [(141, "350 ml", 7000), (142, "450 ml", 8000)]}),
    (15, 1, "Flat white", 8000, {}),
    (16, 1, "Raf", 9000, {"sizes": [(161, "Vanilla", 9000), (162, "Lavender", 9500)]}),
    (21, 2, "Black tea", 4000, {}),
    (22, 2, "Green tea", 4000, {}),
    (23, 2, "Berry tea", 5500, {}),
    (31, 3, "Croissant", 5500, {}),
    (32, 3, "Cheesecake", 9500, {}),
    (33, 3, "Cinnamon roll", 6500, {}),
    (34, 3, "Biscuits by weight", 42000, {"unit": "kg"}),
    (41, 4, "Omelette", 11500, {"workshop": 2}),
    (42, 4, "Granola with yoghurt", 9900, {}),
    (43, 4, "Avocado toast", 14500, {}),
    (44, 4, "Pancakes", 12000, {}),
    (51, 5, "Soup of the day", 9000, {"workshop": 2}),
    (52, 5, "Caesar salad", 16500, {"workshop": 2}),
    (53, 5, "Chicken bowl", 18900, {}),
    (54, 5, "Lunch offer", 15000, {"nodiscount": 1}),
    (61, 6, "Lemonade", 7500, {}),
    (62, 6, "Still water", 3500, {}),
    (63, 6, "Draught beer", 8500, {}),
    (64, 6, "Glass of wine", 12000, {}),
]


def seed_categories() -> list[dict[str, Any]]:
    return [{"id": number, "name": name, "color": color} for number, name, color in CATEGORIES]


def seed_workshops() -> list[dict[str, Any]]:
    return [{"id": number, "name": name} for number, name in WORKSHOPS]


def seed_products(price_factor: float = 1) -> list[dict[str, Any]]:
    """The menu; the factor turns its hryvnias into another currency, in whole tens of minor units."""

    def price(minor: int) -> int:
        return round(minor * price_factor / 10) * 10

    colors = {number: color for number, _, color in CATEGORIES}
    return [
        {
            "id": number,
            "category_id": category,
            "name": name,
            "price_minor": price(price_minor),
            "unit": facts.get("unit", "p"),
            "nodiscount": facts.get("nodiscount", 0),
            "workshop_id": facts.get("workshop", 1),
            "color": colors[category],
            "modifications": [
                {"id": size, "name": size_name, "price_minor": price(size_price)}
                for size, size_name, size_price in facts.get("sizes", [])
            ],
        }
        for number, category, name, price_minor, facts in PRODUCTS
    ]
