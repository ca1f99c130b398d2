"""The nouns: frozen values that every other part speaks in. Imports nothing of ours."""
