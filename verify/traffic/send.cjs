"use strict";
// Runs inside a workload's container: reads {requests, atOnce} on stdin, sends each request its `times`, prints one
// JSON line of answers in the same order. Plain Node, since the container has nothing else.
const http = require("node:http");

function send({ url, method, headers }) {
  return new Promise((resolve) => {
    const request = http.request(url, { method, headers, timeout: 10000, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (body += chunk));
      response.on("error", (error) => resolve({ status: 0, headers: {}, body: "", error: error.message }));
      response.on("end", () =>
        resolve({ status: response.statusCode, headers: response.headers, body: body.slice(0, 4096) }),
      );
    });
    request.on("timeout", () => request.destroy(new Error("no answer within 10 s")));
    request.on("error", (error) => resolve({ status: 0, headers: {}, body: "", error: error.message }));
    request.end();
  });
}

async function main() {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  const { requests, atOnce } = JSON.parse(text);
  const answers = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < requests.length; at = next++) answers[at] = await send(requests[at]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  process.stdout.write(JSON.stringify(answers));
}

main();
