import{d as a}from"./observer-33HO4WK2.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
