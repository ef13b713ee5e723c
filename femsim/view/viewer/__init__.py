"""The viewer: a run in a browser or a window, to be turned, cut, scrubbed through and asked."""
