"""From text to what is found in it: amounts, decisions, organisations, people and what they say."""
