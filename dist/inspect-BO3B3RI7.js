import{b as a,c as b}from"./fit-6PY6QTY6.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{b as createGuard,a as inspectService};
