"""`edge-agent model`: train, evaluate, predict and export the models that judge pictures."""
