"""JSON for the register page: `/{account}/register/{tablet_id}/data/…`. Money is currency units, as in `Poster.*`."""
