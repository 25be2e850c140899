"""Orders as a register sends them."""

CAPPUCCINO, CROISSANT, BISCUITS, LUNCH = 13, 31, 34, 54
ORDER_ID = 1790051852123


def order(order_id=ORDER_ID, **changes):
    """Two cappuccinos of 75.00 and a croissant of 55.00, guest 5, waiter 3."""
    return {
        "id": order_id,
        "dateStart": order_id,
        "status": 1,
        "userId": 3,
        "clientId": 5,
        "guestsCount": 2,
        "tableId": 0,
        "products": {
            "0": {"id": CAPPUCCINO, "count": 2, "price": 75, "modification": 132},
            "1": {"id": CROISSANT, "count": 1, "price": 55},
        },
        "subtotal": 205,
        "total": 205,
        "discount": 0,
        "platformDiscount": 0,
        "loyaltyAppId": 0,
        "payType": "",
        "extras": {},
        "comment": "",
        **changes,
    }


def paid(order_id=ORDER_ID, **changes):
    """The same order with 40.00 taken off by the app."""
    values = {"platformDiscount": 40, "loyaltyAppId": 4242, "payType": "mix", "status": 2, **changes}
    return {"order": order(order_id, **values), "payments": {"cash": 100, "card": 65}}
