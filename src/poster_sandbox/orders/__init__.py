"""The life of an order: kept open by registers, closed into a receipt, refunded or deleted."""
