"""Deputies (Vertretungen): who acts for a manager, for whom, from when to when."""
