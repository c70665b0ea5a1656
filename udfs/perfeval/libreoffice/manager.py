"""Installs or removes an extension through LibreOffice's own manager, or asks it. Run by LibreOffice's Python:

    python manager.py SOFFICE PROFILE add FILE.oxt | remove IDENTIFIER | ask SERVICE

For where ``unopkg`` refuses to work: as root. ``ask`` prints what a job of the extension answers. PROFILE is a URL or
empty for the user's own. Standard library and uno only.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time

import uno  # pyright: ignore[reportMissingImports]
import unohelper  # pyright: ignore[reportMissingImports]
from com.sun.star.task import XInteractionApprove, XInteractionHandler  # pyright: ignore[reportMissingImports]
from com.sun.star.ucb import XCommandEnvironment  # pyright: ignore[reportMissingImports]

_SECONDS = 60


class _Yes(unohelper.Base, XInteractionHandler):
    """Approves what the manager asks, as a person would in its dialog."""

    def handle(self, request):
        for answer in request.getContinuations():
            approve = answer.queryInterface(uno.getTypeByName(XInteractionApprove.__pyunointerface__))
            if approve is not None:
                approve.select()


class _Environment(unohelper.Base, XCommandEnvironment):
    def getInteractionHandler(self):  # noqa: N802
        return _Yes()

    def getProgressHandler(self):  # noqa: N802
        return None


@contextlib.contextmanager
def office(soffice, profile):
    """A LibreOffice of our own for as long as we need it."""
    address = f"pipe,name=perfeval{os.getpid()};urp;StarOffice.ComponentContext"
    command = [soffice, "--headless", "--norestore", "--nologo", "--nodefault", f"--accept={address}"]
    if profile:
        command.append(f"-env:UserInstallation={profile}")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        context = _connected(f"uno:{address}", process)
        try:
            yield context
        finally:
            context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
            process.wait(_SECONDS)
    finally:
        if process.poll() is None:  # soffice is a script that has started the program
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _connected(address, process):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + _SECONDS
    while True:
        try:
            return resolver.resolve(address)
        except Exception:
            if time.monotonic() > end or process.poll() is not None:
                raise
            time.sleep(0.05)


def main(soffice, profile, action, what):
    """Do one thing; what goes wrong ends the process with its message, but that the job asked does not answer."""
    if action == "ask":
        print(_answer(soffice, profile, what))
        return
    with office(soffice, profile) as context:
        manager = context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
        channel, environment = manager.createAbortChannel(), _Environment()
        if action == "add":
            manager.addExtension(what, (), "user", channel, environment)
        else:
            name = next((found.getName() for found in _installed(manager, channel, environment, what)), None)
            if name is None:
                sys.exit(f"{what} is not installed")
            manager.removeExtension(what, name, "user", channel, environment)


def _answer(soffice, profile, service):
    """What the job says; empty where LibreOffice cannot load it, or ends itself with the attempt."""
    try:
        with office(soffice, profile) as context:
            return context.ServiceManager.createInstanceWithContext(service, context).execute(())
    except Exception:
        return ""


def _installed(manager, channel, environment, identifier):
    for extension in manager.getDeployedExtensions("user", channel, environment):
        if extension.getIdentifier().Value == identifier:
            yield extension


if __name__ == "__main__":
    main(*sys.argv[1:])
