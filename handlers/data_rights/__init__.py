"""What people ask or say about data and information inside a message: found by words, timed, and given to its office."""
