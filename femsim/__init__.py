"""femsim predicts what a hip implant does to a femur. Research and engineering use; not a medical device."""

from femsim import kernel_cache

__version__ = "0.1.0"

kernel_cache.configure()
