import{d as a}from"./observer-XGIRG67K.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
