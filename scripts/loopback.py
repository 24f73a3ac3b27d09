"""What the scripts that run an agent between a sender and a server have in common."""
import json, os, socket, subprocess, time, urllib.request


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(url, method="GET", body=None, timeout=60):
    """The server's answer, which is JSON; a body is sent as such."""
    request = urllib.request.Request(url, method=method, data=body and json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=timeout))


def wait_until_ready(admin, process=None, seconds=60):
    """Whether the agent whose admin page is at that port takes events within the time; it may end before."""
    until = time.time() + seconds
    while time.time() < until and (process is None or process.poll() is None):
        try:
            if urllib.request.urlopen(f"http://127.0.0.1:{admin}/readyz", timeout=5).status == 200:
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


def build_tool(folder, name, into):
    """Compiles FOLDER/NAME.cpp (g++, zlib)."""
    subprocess.run([os.environ.get("CXX", "g++"), "-O2", "-std=c++17", "-pthread", f"{folder}/{name}.cpp", "-lz", "-o", f"{into}/{name}"], check=True)
