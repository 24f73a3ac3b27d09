// What Swift can not import of libmicrohttpd: variadic functions.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <microhttpd.h>
