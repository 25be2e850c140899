"""The receipt as the SQL functions take it."""

from __future__ import annotations

from typing import Any

from incust.engine.check import Check, content_hash


def receipt_to_json(check: Check) -> dict[str, Any]:
    """The check's keys, sums and content hash, without its lines."""
    return {
        "external_id": check.external_id,
        "transaction_id": check.transaction_id,
        "currency": check.currency,
        "total_minor": check.total_minor,
        "service_minor": check.service_minor,
        "content_hash": content_hash(check),
    }


def lines_to_json(check: Check) -> list[dict[str, Any]]:
    """The check's lines. Quantities are decimal strings."""
    return [
        {
            "line_id": line.line_id,
            "product_id": line.product_id,
            "modification_id": line.modification_id,
            "quantity": f"{line.quantity:.3f}",
            "amount_minor": line.amount_minor,
            "discountable": line.discountable,
            "promotion": line.promotion,
        }
        for line in check.lines
    ]
