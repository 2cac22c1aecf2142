"""Fine-tunes the encoder from the corpus: needs torch, which nothing else here does, and is never imported at run time."""
