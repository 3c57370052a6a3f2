"""Photos that Lentigo will not look at: a face, or, where the operator asks for it, nudity.

Such a photo shows more of a person than a spot needs, and the model knows nothing of what it sees there. It is sent
back with the request to come closer, and forgotten. A photo cropped to the spot is judged anew.

Faces are found by the cascade of Haar-like features that ships with OpenCV (R. Lienhart and J. Maydt, An extended set
of Haar-like features for rapid object detection, ICIP 2002; method of P. Viola and M. Jones, CVPR 2001). How often it
finds one, and how often it sees one in a spot, is told in ``docs/explanation/vetting.md``.
"""

from __future__ import annotations

import importlib
import threading
from pathlib import Path
from typing import Any

import cv2
import cv2.data  # where its cascades lie
import numpy as np
import numpy.typing as npt

from lentigo.errors import ConfigError
from lentigo.imaging import Photo, Pixels, resize_shorter_side
from lentigo.inference.assessment import Reason

_CASCADE = "haarcascade_frontalface_alt.xml"

_SEEN_SIDE_PX = 112
"""Shorter side in which faces are looked for: enough for a face of 20 pixels, and fast."""

_SMALLEST_SHARE = 0.25
"""Of the shorter side: a face that is less wide shows the body around the spot, and is left to the other rules."""

_SCALE_STEP, _NEIGHBOURS = 1.1, 3

CLOSE_UP = 0.65
"""Share of the card's ``no_skin`` limit below which a photo is so plainly skin from near that it shows no whole face.

94 % of validation lesions lie below it; the lowest of 51 faces, each in seven simulated skin tones, lies at 0.675. It
saves looking through them, which takes about half as long as the model.
"""

NUDITY_CLASSES = frozenset(
    {
        "ANUS_EXPOSED",
        "BUTTOCKS_EXPOSED",
        "FEMALE_BREAST_EXPOSED",
        "FEMALE_GENITALIA_EXPOSED",
        "MALE_GENITALIA_EXPOSED",
    }
)
"""What of NudeNet's classes is more than a spot; bellies, feet, armpits and men's chests are where spots are."""

NUDITY_SCORE = 0.5


class Vetting:
    """Looks through photos before they are answered; may be called from several threads at once.

    Args:
        nudity: Also refuse nudity, by NudeNet (https://pypi.org/project/nudenet/), which is never imported otherwise:
            its licence is the AGPL.

    Raises:
        ConfigError: Nudity is to be refused, and NudeNet is not installed.
    """

    def __init__(self, nudity: bool = False) -> None:
        self._faces = FaceDetector()
        self._nudity = NudityDetector() if nudity else None

    def refusal(self, photo: Photo, close_up: bool = False) -> Reason | None:
        """Why a photo is sent back; None when it is not. In what is known to be a close-up no face is looked for."""
        if not close_up and self._faces.sees_face(photo.pixels):
            return "face"
        if self._nudity is not None and self._nudity.sees_nudity(photo.pixels):
            return "nudity"
        return None


class FaceDetector:
    """Finds faces that look into the camera, upright or turned by quarters, as a phone that lay flat may store them."""

    def __init__(self) -> None:
        # The service works on one photo in each of its threads; OpenCV would start threads for each of those.
        cv2.setNumThreads(1)
        self._own = threading.local()

    def sees_face(self, pixels: Pixels) -> bool:
        """Whether a face covers a good part of uint8 (H, W, 3) pixels."""
        grey = cv2.cvtColor(resize_shorter_side(pixels, _SEEN_SIDE_PX), cv2.COLOR_RGB2GRAY)
        smallest = round(_SMALLEST_SHARE * min(grey.shape))
        return any(self._finds_upright(np.rot90(grey, turns), smallest) for turns in range(4))

    def _finds_upright(self, grey: npt.NDArray[Any], smallest_px: int) -> bool:
        found = self._cascade().detectMultiScale(
            np.ascontiguousarray(grey), _SCALE_STEP, _NEIGHBOURS, minSize=(smallest_px, smallest_px)
        )
        return len(found) > 0

    def _cascade(self) -> cv2.CascadeClassifier:
        """One for each thread: a cascade keeps what it works on in itself."""
        if not hasattr(self._own, "cascade"):
            self._own.cascade = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / _CASCADE))
        cascade: cv2.CascadeClassifier = self._own.cascade
        return cascade


class NudityDetector:
    """NudeNet's detector, the optional extra ``lentigo[nudity]``.

    Raises:
        ConfigError: NudeNet is not installed.
    """

    def __init__(self) -> None:
        # NudeNet imports onnxruntime; ours must be first, to keep its telemetry off.
        importlib.import_module("lentigo.inference.runtime")
        try:
            nudenet = importlib.import_module("nudenet")
        except ImportError as error:
            raise ConfigError(
                "Nudity is to be refused, but NudeNet is not installed.",
                "Install the extra 'nudity' (it is under the AGPL), or turn LENTIGO_VET_NUDITY off.",
            ) from error
        self._detector = nudenet.NudeDetector()

    def sees_nudity(self, pixels: Pixels) -> bool:
        """Whether uint8 (H, W, 3) pixels show a body rather than a spot.

        That takes two parts of it: NudeNet was made for whole bodies, and by one part alone calls every seventh
        close-up of a lesion nude.
        """
        found = self._detector.detect(np.ascontiguousarray(pixels[..., ::-1]))  # in OpenCV's order, blue first
        nude = any(one["class"] in NUDITY_CLASSES and one["score"] >= NUDITY_SCORE for one in found)
        return nude and len({one["class"] for one in found}) > 1
