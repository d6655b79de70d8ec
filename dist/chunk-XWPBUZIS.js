import{createRequire}from'node:module';const require=createRequire(import.meta.url);
var e=class extends Error{name="StartUnseen"};export{e as a};
