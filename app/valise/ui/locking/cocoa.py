"""The few words of Objective-C the window needs on macOS, by ctypes. Written from Apple's runtime reference, unrun."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

_METHOD = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


@cache
def _runtime() -> Any:
    found = ctypes.CDLL(ctypes.util.find_library("objc"))
    ctypes.CDLL(ctypes.util.find_library("AppKit"))
    for name in ("objc_getClass", "sel_registerName", "objc_allocateClassPair"):
        getattr(found, name).restype = ctypes.c_void_p
    found.objc_getClass.argtypes = found.sel_registerName.argtypes = [ctypes.c_char_p]
    found.objc_allocateClassPair.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    found.class_addMethod.argtypes = [ctypes.c_void_p, ctypes.c_void_p, _METHOD, ctypes.c_char_p]
    found.objc_registerClassPair.argtypes = [ctypes.c_void_p]
    return found


def known(name: str) -> int:
    """A class by its name."""
    return int(_runtime().objc_getClass(name.encode()) or 0)


def send(target: int, message: str, *arguments: int, kinds: Sequence[Any] = (), result: Any = ctypes.c_void_p) -> Any:
    """[target message:arguments...]; `kinds` are the ctypes of the arguments, objects unless said."""
    runtime = _runtime()
    types = [ctypes.c_void_p, ctypes.c_void_p, *(kinds or [ctypes.c_void_p] * len(arguments))]
    call = ctypes.CFUNCTYPE(result, *types)(("objc_msgSend", runtime))
    return call(target, runtime.sel_registerName(message.encode()), *arguments)


def string(words: str) -> int:
    """An NSString."""
    kept = ctypes.create_string_buffer(words.encode())
    return int(send(known("NSString"), "stringWithUTF8String:", ctypes.addressof(kept)) or 0)


def words_of(nsstring: int) -> str:
    """What an NSString says."""
    said = send(nsstring, "UTF8String", result=ctypes.c_char_p)
    return said.decode("utf-8", "replace") if said else ""


class Observer:
    """An object of ours that notification centres can call: `heard(name)` with the name of each notification."""

    _count = 0

    def __init__(self, heard: Callable[[str], object]) -> None:
        runtime = _runtime()
        Observer._count += 1

        def called(_self: int, _message: int, notification: int) -> None:
            heard(words_of(send(notification, "name")))

        self._called = _METHOD(called)  # kept as long as the object may be called
        made = runtime.objc_allocateClassPair(known("NSObject"), b"ValiseObserver%d" % Observer._count, 0)
        runtime.class_addMethod(made, runtime.sel_registerName(b"heard:"), self._called, b"v@:@")
        runtime.objc_registerClassPair(made)
        self._object = send(send(made, "alloc"), "init")
        self._centres: list[int] = []

    def listen(self, centre: int, names: Sequence[str]) -> None:
        """Be called for these notifications of a centre."""
        self._centres.append(centre)
        selector = _runtime().sel_registerName(b"heard:")
        for name in names:
            send(centre, "addObserver:selector:name:object:", self._object, selector, string(name), 0)

    def stop(self) -> None:
        """No longer be called."""
        for centre in self._centres:
            send(centre, "removeObserver:", self._object)
        self._centres.clear()
