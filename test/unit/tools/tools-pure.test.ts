import { sha256For } from "../../../embedded/tools/checksum";
import { binaryName, compileError } from "../../../embedded/tools/go-build";
import { duration, estimate, type BuildState } from "../../../embedded/tools/progress";
import { fits, versionIn } from "../../../embedded/tools/versions";

const digest = "a".repeat(64);
const other = "b".repeat(64);

test.each([
  ["Kubernetes v1.36.3", "1.36.3"],
  ["etcd Version: 3.6.8\nGit SHA: Not provided\nGo Version: go1.26.8", "3.6.8"],
  ["v4.2", "4.2.0"],
  ["v4.2.0+g1234567", "4.2.0"],
  ["kwok version v0.8.0 go1.26.8 (linux/amd64)", "0.8.0"],
  ["envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL", "1.40.0"],
  ['client version: version.BuildInfo{Version:"1.31-dev", GolangVersion:"go1.26.8"}', "1.31.0-dev"],
  ["iptables v1.8.9 (nf_tables)", "1.8.9"],
  ["ip utility, iproute2-6.1.0, libbpf 1.1.2", "6.1.0"],
  ['version.BuildInfo{Version:"unknown", GolangVersion:"go1.26.8"}', undefined],
])("the version in %j is %s", (output, version) => {
  expect(versionIn(output)).toBe(version);
});

test("a range takes development versions of its line, and only a star takes the unknown", () => {
  expect(fits("1.31.0-dev", ">=1.31.0-0 <1.32.0-0")).toBe(true);
  expect(fits("1.32.0-dev", ">=1.31.0-0 <1.32.0-0")).toBe(false);
  expect(fits("1.35.9", ">=1.36.0 <1.37.0")).toBe(false);
  expect(fits(undefined, ">=1.36.0 <1.37.0")).toBe(false);
  expect(fits(undefined, "*")).toBe(true);
});

test("a checksum file is a bare digest or lines of digest and name", () => {
  expect(sha256For(`${digest}\n`, "kube-proxy")).toBe(digest);
  expect(sha256For(`${other}  x.tar.gz\n${digest}  tool.tar.gz\n`, "tool.tar.gz")).toBe(digest);
  expect(sha256For(`${digest} *tool.tar.gz`, "tool.tar.gz")).toBe(digest);
  expect(sha256For(`-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${digest}  ./tool\n`, "tool")).toBe(
    digest,
  );
});

test("a checksum file without the name, or without a digest, gives none", () => {
  expect(sha256For(`${digest}  other.tar.gz\n`, "tool.tar.gz")).toBeUndefined();
  expect(sha256For("<html>not found</html>", "tool.tar.gz")).toBeUndefined();
  expect(sha256For("deadbeef  tool.tar.gz", "tool.tar.gz")).toBeUndefined();
  expect(sha256For("", "tool.tar.gz")).toBeUndefined();
});

test("go names a program after its package, not after a major version", () => {
  expect(binaryName("go.etcd.io/etcd/server/v3")).toBe("server");
  expect(binaryName("k8s.io/kubernetes/cmd/kube-proxy")).toBe("kube-proxy");
});

test("a compile error keeps what the compiler said and drops the packages that went well", () => {
  const said = compileError(
    "internal/abi\nruntime\n# example.test/x\n./main.go:3:2: undefined: y\nexample.test/z",
  );
  expect(said).toContain("./main.go:3:2: undefined: y");
  expect(said).not.toContain("runtime");
});

describe("the estimate of a build", () => {
  const start: BuildState = { packages: 5000, compiled: 0, programs: 11, linked: 0, seconds: 0, cores: 2 };

  test("starts from what builds usually take, and halves with twice the cores", () => {
    const two = estimate(start).secondsLeft;
    expect(two).toBeGreaterThan(10 * 60);
    expect(estimate({ ...start, cores: 4 }).secondsLeft).toBeCloseTo(two / 2);
  });

  test("follows what is seen once a tenth is done", () => {
    const slow = estimate({ ...start, compiled: 2500, seconds: 2500 });
    expect(slow.secondsLeft).toBeGreaterThan(2500);
    expect(slow.percent).toBeGreaterThan(40);
  });

  test("never says 100 percent before the end, nor less than nothing left", () => {
    const done = estimate({ ...start, compiled: 6000, linked: 11, seconds: 800 });
    expect(done).toEqual({ percent: 99, secondsLeft: 0 });
  });

  test("a build that only links has something to say", () => {
    expect(estimate({ ...start, packages: 0 }).secondsLeft).toBeGreaterThan(0);
  });
});

test("durations are rounded up to what a person can use", () => {
  expect([0, 7, 59, 61, 840].map(duration)).toEqual(["5 s", "10 s", "60 s", "2 min", "14 min"]);
});
