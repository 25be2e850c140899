"""A program that plays Poster: console, marketplace, OAuth, web API, webhooks and the register's back end."""
