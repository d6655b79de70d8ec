import{d as a}from"./observer-DAG4MH37.js";import"./runtime-3RNHDNP5.js";export{a as rollOut};
