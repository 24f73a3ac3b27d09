// What Swift can not import of libcurl: the variadic option functions.
#pragma once
#include <curl/curl.h>

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}
typedef size_t (*ccurl_data_function)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode ccurl_set_data_function(
    CURL *handle, CURLoption option, ccurl_data_function function) {
  return curl_easy_setopt(handle, option, function);
}
static inline CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode ccurl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}
typedef int (*ccurl_progress_function)(
    void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up);
static inline CURLcode ccurl_set_progress_function(CURL *handle, ccurl_progress_function function) {
  return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, function);
}
typedef int (*ccurl_prerequest_function)(
    void *context, char *remote, char *local, int remote_port, int local_port);
static inline CURLcode ccurl_set_prerequest_function(
    CURL *handle, ccurl_prerequest_function function) {
  return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, function);
}
// libcurl copies the bytes.
static inline CURLcode ccurl_set_blob(
    CURL *handle, CURLoption option, const void *bytes, size_t count) {
  struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
  return curl_easy_setopt(handle, option, count ? &blob : NULL);
}
// The certificates that the server presented, as "Name:value" lines, a list for each; after a request with CURLOPT_CERTINFO.
static inline const struct curl_certinfo *ccurl_certificates(CURL *handle) {
  struct curl_certinfo *found = NULL;
  return curl_easy_getinfo(handle, CURLINFO_CERTINFO, &found) == CURLE_OK ? found : NULL;
}
