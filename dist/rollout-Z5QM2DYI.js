import{e as a}from"./observer-EVCNM4OK.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
