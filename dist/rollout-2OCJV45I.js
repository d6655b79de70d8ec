import{b as a}from"./decide-P4ZDEVJP.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
