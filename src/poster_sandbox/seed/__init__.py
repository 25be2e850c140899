"""What a fresh sandbox holds: two cafés that nobody owns."""
