using System.Text;
using Outerloop.Gateway.Upstreams;

namespace Outerloop.Gateway.Tests.Upstreams;

public sealed class JsonSpliceTests
{
    [Theory]
    [InlineData("{\"id\":\"a\",\"b\":1.50}", "{\"id\":7,\"b\":1.50}")]
    [InlineData("{ \"b\" : {\"id\":1}, \"id\" : null }", "{ \"b\" : {\"id\":1}, \"id\" : 7 }")]
    [InlineData("{\"i\\u0064\":[1,{\"id\":2}]}", "{\"i\\u0064\":7}")]
    [InlineData("{\"id\":1,\"id\":2}", "{\"id\":1,\"id\":7}")]
    [InlineData(" {\"b\":\"{\"}", " {\"id\":7,\"b\":\"{\"}")]
    [InlineData("{ }", "{\"id\":7 }")]
    public void A_member_has_another_value_and_all_else_stays_as_it_is(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(JsonSplice.With(Encoding.UTF8.GetBytes(json), "id", "7").Span));
}
