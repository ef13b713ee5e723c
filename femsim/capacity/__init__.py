"""What a construct tolerates: asked of models that were solved once for loads of one newton."""
