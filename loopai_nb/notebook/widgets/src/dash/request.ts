// One request with everything that is known of it.


export {};
