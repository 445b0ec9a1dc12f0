"""One module for each page people work on: rounds, the rating form, the comparison, the talk, the team."""
