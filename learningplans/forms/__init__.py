"""Forms of the Lernplan."""
