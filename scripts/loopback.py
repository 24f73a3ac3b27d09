"""What the scripts that run an agent between a sender and a server have in common."""
import json, socket, urllib.request


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(url, method="GET", body=None, timeout=60):
    """The server's answer, which is JSON; a body is sent as such."""
    request = urllib.request.Request(url, method=method, data=body and json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=timeout))
