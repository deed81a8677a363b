process.send('hello')
