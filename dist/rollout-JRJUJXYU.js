import{e as a}from"./observer-UPZ7OPV5.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
