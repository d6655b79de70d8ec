import{a}from"./package-TC3T4VFC.js";import"./runtime-3RNHDNP5.js";export{a as VERSION};
