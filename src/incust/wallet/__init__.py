"""The guest's own page: bonus card with QR and temporary code, live balance, history and profile."""
