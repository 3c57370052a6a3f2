"""From a bundle and a photo to an :class:`~lentigo.inference.assessment.Assessment`. Runs without torch."""
