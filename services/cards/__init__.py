"""Cards: the carte Vitale of each person, from issue to opposition and replacement."""
