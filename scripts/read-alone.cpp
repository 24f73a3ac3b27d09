// Takes JSON lines over TCP and does nothing with them: what reading alone costs, each event as it comes.
//
//     read-alone PORT LINES
//
// Ends after so many lines and prints the CPU seconds that it took.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

static void watch(int epoll, int fd, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(uint16_t(std::atoi(arguments[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || listen(listener, 1024) != 0) {
    std::perror("read-alone");
    return 1;
  }
  const int epoll = epoll_create1(0);
  watch(epoll, listener, EPOLLIN);
  const long wanted = std::atol(arguments[2]);
  std::vector<char> buffer(256 << 10);
  std::vector<epoll_event> ready(512);
  for (long lines = 0; lines < wanted;) {
    const int found = epoll_wait(epoll, ready.data(), int(ready.size()), -1);
    for (int i = 0; i < found; ++i) {
      const int fd = ready[i].data.fd;
      if (fd == listener) {
        for (int taken; (taken = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) watch(epoll, taken, EPOLLIN | EPOLLET);
        continue;
      }
      const ssize_t length = recv(fd, buffer.data(), buffer.size(), 0);
      if (length <= 0) {
        close(fd);
        continue;
      }
      const char *at = buffer.data(), *const end = at + length;
      while ((at = static_cast<const char *>(std::memchr(at, '\n', size_t(end - at)))) != nullptr) ++at, ++lines;
    }
  }
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf("%.3f\n", double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
}
