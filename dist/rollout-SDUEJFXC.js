import{b as a}from"./decide-4O3L565R.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
