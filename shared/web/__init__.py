"""What a site for people is made of, whichever its people: sessions, forms, pages, lines to the services behind it."""
