/* The least that a refresh can be: one POST of a form to a server on loopback, and its response read. No TLS, no JSON, no checks
 * but for the status. Built statically by benches/compare, which runs it as `post PORT NAME=VALUE…`. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char form[4096], request[8192], response[8192];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* Appends a text percent-encoded; `=` once, between name and value. */
static void append(const char *pair) {
    size_t end = strlen(form);
    if (end)
        form[end++] = '&';
    for (int in_value = 0; *pair && end < sizeof form - 4; pair++) {
        if (isalnum((unsigned char)*pair) || strchr("-._~", *pair) || (*pair == '=' && !in_value))
            form[end++] = *pair;
        else
            end += sprintf(form + end, "%%%02X", (unsigned char)*pair);
        in_value |= *pair == '=';
    }
    form[end] = 0;
}

int main(int count, char **words) {
    if (count < 2)
        return 2;
    for (int i = 2; i < count; i++)
        append(words[i]);
    int length = snprintf(request, sizeof request,
                          "POST /token HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nAccept: application/json\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                          words[1], strlen(form), form);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address))
        fail("connect");
    if (write(connection, request, length) != length)
        fail("write");
    size_t end = 0;
    ssize_t read_now;
    while ((read_now = read(connection, response + end, sizeof response - 1 - end)) > 0)
        end += read_now;
    if (read_now < 0)
        fail("read");
    puts(response);
    return strncmp(response, "HTTP/1.1 200 ", 13) != 0;
}
