import{f as a,g as b,h as c}from"./engine-M253UMVV.js";import"./runtime-3RNHDNP5.js";export{a as EngineRefusal,c as connectDocker,b as connectEngine};
