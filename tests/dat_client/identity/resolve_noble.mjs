// Let the client's modules find the packages that the interop tests have installed.

import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const here = pathToFileURL(`${process.env.INTEROP_DIRECTORY}/package.json`).href;

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier.startsWith("@noble/") ? { ...context, parentURL: here } : context),
});
