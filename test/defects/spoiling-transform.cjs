// Jest's transform with one defect, told by MESHWRIGHT_DEFECT, in the source of its file. Nothing on the disk changes.
const { join } = require("node:path");
const swc = require("@swc/jest");

const root = join(__dirname, "..", "..");
const { file, find, put } = JSON.parse(process.env.MESHWRIGHT_DEFECT ?? "{}");
const target = file === undefined ? undefined : join(root, file);

function spoilt(source, path) {
  return path === target ? source.replace(find, () => put) : source;
}

module.exports = {
  createTransformer(options) {
    const inner = swc.createTransformer(options);
    return {
      ...inner,
      process: (source, path, rest) => inner.process(spoilt(source, path), path, rest),
      getCacheKey: (source, path, rest) => inner.getCacheKey(spoilt(source, path), path, rest),
    };
  },
};
