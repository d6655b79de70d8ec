import{c as a,d as b,e as c}from"./engine-67TDINRU.js";import"./runtime-3RNHDNP5.js";export{a as EngineRefusal,c as connectDocker,b as connectEngine};
