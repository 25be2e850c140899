"""The guest's phone: takes the email and SMS that a demo or a test sends, and shows them on a page. Keeps nothing."""
