import{b as a}from"./observer-KDYAI6SR.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
