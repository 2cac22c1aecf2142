"""Text becomes a verdict: taxonomy, pipeline, training and scorecard. Knows no channel and no database."""
